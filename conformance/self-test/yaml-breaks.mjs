// Ways to break the compiled reader of YAML, each with a mistake that an engineer could make. `find` must be there exactly
// once in the file of lib/src.

export const YAML_BREAKS = [
  {
    name: 'a line ends at U+000A and U+000D only',
    file: 'manifests/yaml/characters.js',
    find: 'return code === 133 /* Code.NextLine */ || code === 8232 /* Code.LineSeparator */ || code === 8233 /* Code.ParagraphSeparator */;',
    replace: 'return false;',
  },
  {
    name: 'only true is true, as in YAML 1.2',
    file: 'manifests/yaml/scalar.js',
    find: '\'y\', \'Y\', \'yes\', \'Yes\', \'YES\', \'on\', \'On\', \'ON\', \'true\'',
    replace: '\'true\'',
  },
  {
    name: 'of merged mappings the last wins',
    file: 'manifests/yaml/values.js',
    find: '[...value].reverse()',
    replace: 'value',
  },
  {
    name: 'a block scalar that keeps its line ends keeps one',
    file: 'manifests/yaml/block-scalar.js',
    find: 'if (this.chomping === 43 /* Code.Plus */)',
    replace: 'if (false)',
  },
  {
    name: 'the items of a List aren\'t objects of their own',
    file: 'manifests/manifests.js',
    find: 'if (isList(value))',
    replace: 'if (false)',
  },
  {
    name: 'a List in a List is an object',
    file: 'manifests/manifests.js',
    find: 'else if (Array.isArray(item.items))',
    replace: 'else if (false)',
  },
];
