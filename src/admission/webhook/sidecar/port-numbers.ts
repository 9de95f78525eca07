import { Objections } from '../objections';

/** Objects to the port of a listener that another one before it has. */
export function judgePortNumbers(at: Objections, listeners: readonly any[]): void {
  const firsts = new Map<number, number>();
  listeners.forEach(({ port }, index) => {
    if (!port) return;
    const number = port.number ?? 0;
    const first = firsts.get(number);
    if (first === undefined) {
      firsts.set(number, index);
      return;
    }
    at.at(index, 'port', 'number').error({
      code: 'ADMIT479',
      actual: `${number}, as is ${at.field[at.field.length - 1]}[${first}].port.number`,
      expected: 'a port of its own for each listener',
      because: 'the proxy listens on each port once',
      fix: 'write another port, or put both into one listener',
    });
  });
}
