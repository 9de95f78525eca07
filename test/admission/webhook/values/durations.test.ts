import { Objections } from '../../../../src/admission/objection';
import { judgeDuration, judgeDurationOrNone, judgeDurationText, judgeWholeSeconds } from '../../../../src/admission/webhook/values/durations';

const refuses = (judge: (at: Objections, duration?: string) => void, duration?: string) => {
  const objections = new Objections(['d']);
  judge(objections, duration);
  return objections.refused;
};

test.each([['1ms', false], ['1.5s', false], ['1h', false], [undefined, false], ['0s', true], ['999us', true], ['1.5ms', true], ['-1s', true], ['5', true]])(
  'judgeDuration rejects less than a millisecond, and fractions of one: %s', (text, refused) => {
    expect(refuses(judgeDuration, text)).toBe(refused);
  });

test.each([['0s', false], ['-1ns', false], ['999us', false], ['1ms', false], ['1.5ms', true], ['-1s', true], ['', true], [undefined, false]])(
  'judgeDurationOrNone also accepts 0 and less: %s', (text, refused) => {
    expect(refuses(judgeDurationOrNone, text)).toBe(refused);
  });

test.each([['1s', false], ['0.5s', true], ['1ns', true], ['-0.5s', false], ['x', false], [undefined, false]])('judgeWholeSeconds rejects fractions of a second: %s', (text, refused) => {
  expect(refuses(judgeWholeSeconds, text)).toBe(refused);
});

test.each([['0s', false], ['-1ns', false], [undefined, false], ['', true], ['5', true]])('judgeDurationText rejects only what isn\'t a duration: %s', (text, refused) => {
  expect(refuses(judgeDurationText, text)).toBe(refused);
});
