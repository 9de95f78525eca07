// istiod's webhook: it is asked about one object at a time.
import { RefereeProcess } from './referee-process';

/** The JSON of internal/admission/webhook.go. */
export interface WebhookVerdict {
  readonly allowed: boolean | null;
  readonly stage?: string;
  readonly message?: string;
  readonly errors: readonly string[] | null;
  readonly warnings: readonly string[] | null;
  readonly panic?: string;
}

export class WebhookJudge extends RefereeProcess<WebhookVerdict> {
  constructor() {
    super('webhook', ['-flush']);
  }
}
