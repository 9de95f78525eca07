// istiod's webhook: it is asked about one object at a time.
import { RefereeProcess } from './referee-process.mjs';

export class WebhookJudge extends RefereeProcess {
  constructor() {
    super('webhook', ['-flush']);
  }
}
