"""Reads a TextGrid with the parsers that Python has: prints, by parser and its version, the labelled intervals of both tiers."""

import importlib.metadata
import json
import sys


def of_praatio(path):
    from praatio import textgrid

    grid = textgrid.openTextgrid(path, includeEmptyIntervals=False)
    return {name: [[e.start, e.end, e.label] for e in grid.getTier(name).entries] for name in grid.tierNames}


def of_textgrid(path):
    import textgrid

    grid = textgrid.TextGrid.fromFile(path)
    return {tier.name: [[i.minTime, i.maxTime, i.mark] for i in tier if i.mark] for tier in grid}


def of_tgt(path):
    import tgt

    grid = tgt.io.read_textgrid(path, encoding="utf-8")
    return {tier.name: [[i.start_time, i.end_time, i.text] for i in tier.intervals] for tier in grid.tiers}


read = {}
for name, parser in {"praatio": of_praatio, "textgrid": of_textgrid, "tgt": of_tgt}.items():
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        continue
    read[f"{name} {version}"] = parser(sys.argv[1])
print(json.dumps(read))
