import { fc } from './fast-check';

/**
 * What a CI runner takes for a command: GitHub's where a line begins, blanks not counted (C#'s, which are more than
 * ours), its older ones and those of Azure and TeamCity anywhere in a line.
 */
export const command = /^[\s\u0085\u180e\u200b]*::[a-z_-]|##[a-z]*\[/i;

/** Characters that no line may have: terminal controls, direction changes, zero-width characters and lone surrogates. */
// eslint-disable-next-line no-control-regex
export const UNSEEN = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}\ud800-\udfff]/u;

const pieces = fc.constantFrom(
  '::', ':', '::stop-commands::x', '::error file=a.yaml::b', '::add-mask::x', '##[error]', '##vso[task.setvariable variable=x]y', '##', '#', '[', ']', '##teamcity[', '::x::',
  ' ', '  ', '\t', '\n', '\r', '\r\n', '\u0085', '\u00a0', '\u2028', '\u2029', '\u3000', '\u0000', '\u001b[2K', '\u009b1m', '\u0007', '\u061c', '\u200b', '\u200e', '\u202e', '\u2066',
  '\u2069', '\u00ad', '\ufeff', '\ufe0f', '\ud800', '\udc00', '\u{e0041}', '\u{1f600}', 'a', 'shop', '-', '/', '%', '%0A', '"', '\'', '<', '&', ']]>', '=', '@', '{{ }}', '日本',
);

/** Texts that try to speak to a terminal or a runner. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.array(pieces, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
