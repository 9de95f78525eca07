import { Duration } from 'cdk8s';
import { goDuration } from '../../../src/constructs/certificates/ca-emitter';

test.each([
  ['90 days', Duration.days(90), '2160h'],
  ['1 hour', Duration.hours(1), '1h'],
  ['90 minutes', Duration.minutes(90), '90m'],
  ['90 seconds', Duration.seconds(90), '90s'],
  ['1500 milliseconds', Duration.millis(1500), '1500ms'],
  ['0 minutes', Duration.minutes(0), '0h'],
])('a duration of %s is written in Go\'s form', (_, duration, text) => {
  expect(goDuration(duration)).toBe(text);
});
