import { Duration } from 'cdk8s';
import { goDuration } from '../../../src/constructs/certificates/ca-emitter';

test.each([
  [Duration.days(90), '2160h'],
  [Duration.hours(1), '1h'],
  [Duration.minutes(90), '90m'],
  [Duration.seconds(90), '90s'],
  [Duration.millis(1500), '1500ms'],
  [Duration.minutes(0), '0h'],
])('%s is %s in Go', (duration, text) => {
  expect(goDuration(duration)).toBe(text);
});
