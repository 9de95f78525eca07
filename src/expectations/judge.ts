import { connectionVerdict } from './connection-verdict';
import { Expectation } from './expectation';
import { withKnownNames } from './known-names';
import { portVerdict } from './port-verdict';
import { ExpectationVerdict } from './verdict';
import { CalendarDate } from '../findings/acknowledgement';
import { Mesh } from '../mesh/mesh';
import { NameContext } from '../mesh/queries/names';
import { ServedPort, servedPorts } from '../mesh/queries/served-ports';

/** Judges expectations of one mesh. */
export class ExpectationJudge {
  private ports?: readonly ServedPort[];

  /** @param today exceptions that expired before it no longer apply */
  constructor(private readonly mesh: Mesh, private readonly today: CalendarDate, private readonly names: NameContext = {}) {}

  verdict(written: Expectation): ExpectationVerdict {
    const expectation = withKnownNames(written, this.mesh, this.names);
    if (expectation.demand.word !== 'accepts') return connectionVerdict(expectation, this.mesh, this.today);
    return portVerdict(expectation, this.mesh, this.ports ??= servedPorts(this.mesh), this.today);
  }
}
