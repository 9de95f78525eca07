import { negotiatedByNames } from '../../../src/mesh/names/negotiated-protocol';

test.each<[string[], number[], string | undefined]>([
  [['tcp-mysql'], [1], 'MySQL'], [['tcp'], [3306], 'MySQL'], [['postgres'], [1], 'PostgreSQL'], [['tcp'], [5432], 'PostgreSQL'], [['smtp'], [25], 'SMTP'],
  [['tls-smtps'], [465], undefined], [['tcp'], [6380], undefined], [[], [], undefined],
])('a port with names %j and numbers %j negotiates TLS within protocol %s', (names, numbers, expected) => {
  expect(negotiatedByNames(names, numbers)?.name).toBe(expected);
});
