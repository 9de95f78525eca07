import { isDeepStrictEqual } from 'node:util';
import { shown } from '../../findings/shown';
import { objectText } from '../../mesh/objects/mesh-object';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const objectTwice: Rule = {
  code: 'MTLS601',
  name: 'object-twice',
  severity: 'warning',
  title: 'Two manifests are of one object, and differ',
  * find({ mesh: { objects } }: Evidence) {
    for (const { object, by } of objects.replaced) {
      if (isDeepStrictEqual(object.source, by.source)) continue;
      yield {
        object,
        field: ['metadata', 'name'],
        actual: shown(object.name),
        expected: 'one manifest of an object',
        because: `another manifest of ${objectText(object)} comes later, and counts instead of this one, as it does when both are applied`,
        fix: 'delete one of them, or judge what is for different clusters by itself',
      };
    }
  },
};
