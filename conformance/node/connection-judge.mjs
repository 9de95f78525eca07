// istiod's config generator and Istio's traffic simulator: they are asked about one mesh at a time.
import { RefereeProcess } from './referee-process.mjs';

export class ConnectionJudge extends RefereeProcess {
  constructor() {
    super('connections');
  }
}
