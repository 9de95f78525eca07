import { Exception, Expectation, Selection } from './expectation';
import { allLeftOut, ambiguities, unmatchedPorts, uselessException } from './unmatched';
import { Ended, Failure, PortWitness, Tally, ExpectationVerdict } from './verdict';
import { CalendarDate } from '../findings/acknowledgement';
import { tracedObject, tracedReason } from '../mesh/calls/traced-connection';
import { Mesh } from '../mesh/mesh';
import { ServedPort } from '../mesh/queries/served-ports';

/** Judges all ports that an expectation is about, whoever calls them. */
export function portVerdict(expectation: Expectation, mesh: Mesh, ports: readonly ServedPort[], today: CalendarDate): ExpectationVerdict {
  const { demand, except } = expectation;
  const unclear = ambiguities(expectation, mesh);
  if (unclear.length > 0) return { expectation, count: 0, excepted: 0, counts: {}, failures: unclear };
  const ended = except.filter(({ until }) => until !== undefined && until < today);
  const tally = new Tally<ServedPort>(demand);
  const used = new Set<Exception>();
  for (const port of ports) {
    if (!isOf(port, expectation)) continue;
    const exceptions = except.filter((exception) => !ended.includes(exception) && isOf(port, exception));
    for (const exception of exceptions) used.add(exception);
    if (exceptions.length > 0) tally.excepted++;
    else tally.add(port, 1, port.mode, port.undecidedBecause);
  }
  const { count, excepted, counts } = tally;
  const failures: Failure[] = [
    ...count === 0 ? [excepted === 0 ? unmatchedPorts(expectation, ports) : allLeftOut(excepted, 'port')] : [],
    ...tally.failures(([first]) => witnessOf(first)),
    ...except.filter((exception) => !used.has(exception) && !ended.includes(exception)).map(uselessException),
    ...ended.map((exception): Ended => ({ kind: 'ended', exception })),
  ];
  return { expectation, count, excepted, counts, failures };
}

function isOf({ server, port }: ServedPort, { server: pattern }: Selection): boolean {
  return pattern!.matches(server) && (pattern!.port === undefined || pattern!.port === port);
}

function witnessOf({ server, port, mode, undecidedBecause, because }: ServedPort): PortWitness {
  return { server: tracedObject(server), port, mode, undecidedBecause, because: because.map(tracedReason) };
}
