import { webhookObjections } from '../../../src/admission/webhook/webhook';

test.each(['Unheard', 'constructor', '__proto__'])('has nothing against a %s, which it has no rules for', (kind) => {
  expect(webhookObjections(kind, {})).toEqual([]);
});
