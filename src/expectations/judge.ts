import { VerdictsBothWays } from './both-ways';
import { connectionVerdict, openCalls } from './connection-verdict';
import { Expectation } from './expectation';
import { withKnownNames } from './known-names';
import { portVerdict } from './port-verdict';
import { ExpectationVerdict } from './verdict';
import { CalendarDate } from '../findings/acknowledgement';
import { Mesh } from '../mesh/mesh';
import { NameContext } from '../mesh/queries/names';
import { ServedPort, servedPorts } from '../mesh/queries/served-ports';

/** Judges expectations of one mesh; both ways where it isn't known who has a sidecar. */
export class ExpectationJudge {
  private readonly ports = new Map<Mesh, readonly ServedPort[]>();
  private bothWays?: { readonly verdicts?: VerdictsBothWays };

  /** @param today exceptions that expired before it no longer apply */
  constructor(private readonly mesh: Mesh, private readonly today: CalendarDate, private readonly names: NameContext = {}) {}

  verdict(written: Expectation): ExpectationVerdict {
    const expectation = withKnownNames(written, this.mesh, this.names);
    const verdict = this.verdictIn(this.mesh, expectation);
    if (verdict.failures.every(({ kind }) => kind !== 'undecided')) return verdict;
    const { verdicts } = this.bothWays ??= { verdicts: VerdictsBothWays.of(this.mesh) };
    const calls = expectation.demand.word === 'accepts' ? [] : openCalls(expectation, this.mesh, this.today);
    return verdicts?.verdict(verdict, (mesh) => this.verdictIn(mesh, expectation), calls) ?? verdict;
  }

  private verdictIn(mesh: Mesh, expectation: Expectation): ExpectationVerdict {
    if (expectation.demand.word !== 'accepts') return connectionVerdict(expectation, mesh, this.today);
    let ports = this.ports.get(mesh);
    if (!ports) this.ports.set(mesh, ports = servedPorts(mesh));
    return portVerdict(expectation, mesh, ports, this.today);
  }
}
