import { Refuse } from './refuse';

/** How a list of ports is told in an error. */
export interface PortWords {
  /** The field, as in YAML. */
  readonly field: string;
  readonly entry: string;
  /** Whose port number it is. */
  readonly owner: string;
}

export function isPortNumber(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

/** Refuses what is no port, and a port that is given twice. */
export function checkPortNumbers(ports: readonly number[], { field, entry, owner }: PortWords, refuse: Refuse): void {
  const seen = new Set<number>();
  for (const port of ports) {
    if (!isPortNumber(port)) {
      throw refuse({ code: 'MTLS006', field, actual: `for port ${port}`, expected: 'a port from 1 to 65535', fix: `give the ${owner}'s port number` });
    }
    if (seen.has(port)) {
      throw refuse({ code: 'MTLS010', field, actual: `given twice for port ${port}`, expected: `one ${entry} a port`, because: 'only one of them could be written', fix: 'remove one' });
    }
    seen.add(port);
  }
}
