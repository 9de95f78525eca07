import { parser } from '@prometheus-io/lezer-promql';

/** Where Prometheus' own grammar finds no sense in an expression. */
export function errorsIn(expression: string): number[] {
  const errors: number[] = [];
  parser.parse(expression).iterate({
    enter: ({ type, from }) => {
      if (type.isError) errors.push(from);
    },
  });
  return errors;
}

/** The texts of an expression that are of a kind of Prometheus' grammar, such as `Identifier`, each once. */
export function textsOf(expression: string, kind: string): string[] {
  const found = new Set<string>();
  parser.parse(expression).iterate({
    enter: ({ name, from, to }) => {
      if (name === kind) found.add(expression.slice(from, to));
    },
  });
  return [...found].sort();
}
