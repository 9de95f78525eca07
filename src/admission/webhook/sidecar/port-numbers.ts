import { Objections } from '../objections';

/** Objects to the port of a listener that another one before it has. */
export function judgePortNumbers(at: Objections, listeners: readonly any[]): void {
  const numbers = listeners.map(({ port }) => port?.number ?? 0);
  numbers.forEach((number, index) => {
    const first = numbers.findIndex((other, place) => other === number && listeners[place].port);
    if (!listeners[index].port || first === index) return;
    at.at(index, 'port', 'number').error({
      code: 'ADMIT479',
      actual: `${number}, as is ${at.field[at.field.length - 1]}[${first}].port.number`,
      expected: 'a port of its own for each listener',
      because: 'the proxy listens on each port once',
      fix: 'write another port, or put both into one listener',
    });
  });
}
