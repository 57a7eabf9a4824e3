// Processes and what they started, as Linux tells them.
import { readFileSync, readdirSync } from 'node:fs';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function allProcesses(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // The name in brackets may hold anything; the parent is the second word after it.
        const afterName = readFileSync(`/proc/${name}/stat`, 'utf8').replace(/^.*\) /s, '');
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), parent: Number(afterName.split(' ')[1]), command }];
      } catch {
        return []; // It ended between the two looks.
      }
    });
}

function descendantsOf(pid: number): Process[] {
  const all = allProcesses();
  const below = (parent: number): Process[] =>
    all.filter((each) => each.parent === parent).flatMap((each) => [each, ...below(each.pid)]);
  return below(pid);
}

/** The engine that a host has started; a utility process names no file, and is told by its kind. */
export function engineOf(hostPid: number): number | null {
  const isEngine = ({ command }: Process): boolean =>
    command.includes('process.cjs') || command.includes('--utility-sub-type=node.mojom.NodeService');
  return descendantsOf(hostPid).find(isEngine)?.pid ?? null;
}

/** Whether any process shows this text to everyone. */
export const isInProcessList = (text: string): boolean => allProcesses().some(({ command }) => command.includes(text));
