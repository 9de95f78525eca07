import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const TOOL = pathToFileURL(join(__dirname, '..', '..', 'tools', 'proto3.mjs')).href;

/** The reader's result for a file, in a separate process, since jest doesn't load ES modules. */
function read(text: string): any {
  const folder = mkdtempSync(join(tmpdir(), 'proto3-'));
  const file = join(folder, 'a.proto');
  try {
    writeFileSync(file, text);
    const script = `import { readProto } from ${JSON.stringify(TOOL)};
      const { messages, enums } = readProto(${JSON.stringify(file)});
      console.log(JSON.stringify({ messages: Object.fromEntries(messages), enums: Object.fromEntries(enums) }));`;
    return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', stdio: 'pipe' }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('reads messages, enums, oneofs, maps and reserved names', () => {
  expect(read(`
    syntax = "proto3"; // a comment { with a brace
    package a.b;
    import "c.proto";
    option go_package = "x";
    message M {
      /* a block; comment */
      reserved 1, 5 to 7; reserved "old_name", "older";
      repeated string names = 2 [(google.api.field_behavior) = REQUIRED];
      map<string, Inner> inner = 3;
      oneof one { string a = 4 [deprecated = true]; c.D b = 8; }
      enum E { ZERO = 0; MINUS = -1 [deprecated = true]; reserved 2; reserved "TWO"; }
      message Inner { optional E e = 1; }
    }
  `)).toEqual({
    messages: {
      'a.b.M': {
        fields: [
          { list: true, type: 'string', name: 'names' },
          { map: true, type: 'Inner', name: 'inner' },
          { type: 'string', name: 'a', oneof: 'one' },
          { type: 'c.D', name: 'b', oneof: 'one' },
        ],
        removed: ['old_name', 'older'],
      },
      'a.b.M.Inner': { fields: [{ optional: true, type: 'E', name: 'e' }], removed: [] },
    },
    enums: { 'a.b.M.E': { ZERO: 0, MINUS: -1 } },
  });
});

test.each([
  ['another syntax', 'syntax = "proto2";', /:1: another syntax/],
  ['a service', 'package a;\nservice S {}', /:2: 'service'/],
  ['a group', 'package a;\nmessage M {\n  group G = 1 {}\n}', /:3: 'group'/],
  ['an extension', 'package a;\nmessage M { extensions 4 to 9; }', /:2: 'extensions'/],
  ['a json_name, which renames the field in YAML', 'package a;\nmessage M { string a = 1 [json_name = "b"]; }', /:2: option 'json_name'/],
  ['a map from numbers', 'package a;\nmessage M { map<int32, string> a = 1; }', /:2: a map whose keys are no strings/],
  ['a missing brace', 'package a;\nmessage M { string a = 1;', /the file ends too early|instead of/],
  ['odd characters', 'package a;\n$', /:2: unreadable text '\$'/],
])('refuses %s instead of guessing', (_, text, message) => {
  expect(() => read(text)).toThrow(message);
});
