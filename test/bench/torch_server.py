"""PyTorch's side of the benchmark: one JSON request a line on stdin, one JSON reply a line on stdout.

The first reply, unasked, says which PyTorch this is. A request {"work", "cell", "depth", "T", "N", "D", "H", "lengths", "classes",
"isBidirectional", "labelLength", "optimizer", "learningRate", "maxGradientNorm", "weightDecay"} does its work once; the reply is
{"ms"}, timed here, so that the pipe costs nothing.

Rows of unequal length are exact: the loss leaves padding out, and a reverse reading turns every row around within its length
before and after a forward layer. That was the fastest exact way found; packed sequences take several times as long.
"""

import json
import sys
import time

import torch

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)


CELLS = {"elman": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru-after": torch.nn.GRU}


def layer_of(size):
    if size["isBidirectional"] and min(size["lengths"]) < size["T"]:
        return PaddedLayers(size)
    return CELLS[size["cell"]](
        size["D"], size["H"], num_layers=size["depth"], bidirectional=size["isBidirectional"]
    )


class Turn(torch.autograd.Function):
    """Every row of x [T, N, K] turned around within its length; times: [T, N, 1], where each frame comes from."""

    @staticmethod
    def forward(context, x, times):
        context.times = times
        return x.gather(0, times.expand(-1, -1, x.shape[2]))

    @staticmethod
    def backward(context, gradient):
        return gradient.gather(0, context.times.expand(-1, -1, gradient.shape[2])), None


class PaddedLayers(torch.nn.Module):
    """Bidirectional layers over padded rows."""

    def __init__(self, size):
        super().__init__()
        inputs = [size["D"]] + [2 * size["H"]] * (size["depth"] - 1)
        cell = CELLS[size["cell"]]
        self.forwards = torch.nn.ModuleList(cell(width, size["H"]) for width in inputs)
        self.reverses = torch.nn.ModuleList(cell(width, size["H"]) for width in inputs)
        T = size["T"]
        rows = [torch.cat([torch.arange(length - 1, -1, -1), torch.arange(length, T)]) for length in size["lengths"]]
        self.times = torch.stack(rows, 1).unsqueeze(2)

    def forward(self, x):
        for ahead, back in zip(self.forwards, self.reverses):
            x = torch.cat([ahead(x)[0], Turn.apply(back(Turn.apply(x, self.times))[0], self.times)], 2)
        return x, None


def width_of(size):
    return size["H"] * (2 if size["isBidirectional"] else 1)


def forward(size):
    layer, x = layer_of(size), torch.randn(size["T"], size["N"], size["D"])

    def run():
        with torch.inference_mode():
            layer(x)

    return run


def gradients(size):
    """Gradients of the weights and of the input, from an output gradient of ones."""
    layer = layer_of(size)
    x = torch.randn(size["T"], size["N"], size["D"], requires_grad=True)
    cotangent = torch.ones(size["T"], size["N"], width_of(size))

    def run():
        layer.zero_grad()
        x.grad = None
        layer(x)[0].backward(cotangent)

    return run


def step(size, loss_of):
    """Recurrent layers, dense layer, loss, clipping by global norm, Adam or AdamW."""
    layer, head = layer_of(size), torch.nn.Linear(width_of(size), size["classes"])
    parameters = [*layer.parameters(), *head.parameters()]
    if size["optimizer"] == "adam":
        optimizer = torch.optim.Adam(parameters, lr=size["learningRate"], fused=True)
    else:
        optimizer = torch.optim.AdamW(parameters, lr=size["learningRate"], weight_decay=size["weightDecay"], fused=True)
    x = torch.randn(size["T"], size["N"], size["D"])

    def run():
        optimizer.zero_grad()
        loss_of(head(layer(x)[0])).backward()
        torch.nn.utils.clip_grad_norm_(parameters, size["maxGradientNorm"])
        optimizer.step()

    return run


def framewise_step(size):
    labels = torch.randint(size["classes"], (size["T"], size["N"]))
    labels[torch.arange(size["T"]).unsqueeze(1) >= torch.tensor(size["lengths"])] = -100  # left out
    return step(size, lambda logits: torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten()))


def ctc_step(size):
    blank = size["classes"] - 1
    labels = torch.randint(blank, (size["N"], size["labelLength"]))
    lengths = torch.tensor(size["lengths"])
    label_lengths = torch.full((size["N"],), size["labelLength"])

    def loss_of(logits):
        scores = logits.log_softmax(2)
        return torch.nn.functional.ctc_loss(scores, labels, lengths, label_lengths, blank=blank)

    return step(size, loss_of)


def stream(size):
    layer, head = layer_of(size), torch.nn.Linear(width_of(size), size["classes"])
    frame = torch.randn(1, 1, size["D"])
    state = None

    def run():
        nonlocal state
        with torch.inference_mode():
            output, state = layer(frame, state)
            head(output)

    return run


WORK = {
    "forward": forward,
    "gradients": gradients,
    "framewise": framewise_step,
    "ctc": ctc_step,
    "stream": stream,
}


def main():
    print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    ready = {}
    for line in sys.stdin:
        if line not in ready:
            request = json.loads(line)
            ready[line] = WORK[request["work"]](request)
        start = time.perf_counter()
        ready[line]()
        print(json.dumps({"ms": (time.perf_counter() - start) * 1000}), flush=True)


if __name__ == "__main__":
    main()
