// What a text may hold, by name. A text of common features alone is as real manifests are; one without exotic features may
// never be refused when kubectl takes it.

export const COMMON = 0;
export const RARE = 1;
export const EXOTIC = 2;

/** How usual a feature is. */
export type Rarity = typeof COMMON | typeof RARE | typeof EXOTIC;

const RARITIES = {
  'a block mapping': COMMON,
  'a block sequence': COMMON,
  'a sequence no deeper than its key': COMMON,
  'a mapping that begins after a dash': COMMON,
  'a sequence in a sequence': RARE,
  'indentation of one, three or four': RARE,
  'a flow sequence': COMMON,
  'a flow mapping': COMMON,
  'a flow collection over several lines': RARE,
  'a comment in a flow collection': RARE,
  'a comma at the end of a flow collection': RARE,
  'a flow mapping without a space after the colon': RARE,
  'a flow mapping with a key alone': RARE,
  'a pair in a flow sequence': RARE,
  'colons in a flow sequence': RARE,

  'a plain word': COMMON,
  'several plain words': COMMON,
  'a plain scalar with an indicator in it': COMMON,
  'a plain scalar that begins with an indicator': RARE,
  'a plain scalar over several lines': RARE,
  'single quotes': COMMON,
  'double quotes': COMMON,
  'quotes over several lines': RARE,
  'an escape in double quotes': COMMON,
  'a rare escape in double quotes': RARE,
  'an escaped surrogate': RARE,
  'letters that aren\'t ASCII': COMMON,
  'characters beyond 16 bits': RARE,
  'a literal block': COMMON,
  'a folded block': COMMON,
  'a block that says its indentation': RARE,
  'a block with deeper lines': COMMON,
  'a block that begins with empty lines': RARE,
  'a block with a tab': RARE,
  'a comment behind a block\'s header': RARE,
  'a document marker in a block': RARE,

  'a whole number': COMMON,
  'a float': COMMON,
  'true or false': COMMON,
  'null': COMMON,
  'no value at all': COMMON,
  'a boolean of YAML 1.1': COMMON,
  'an octal number': COMMON,
  'an octal number with 0o': RARE,
  'a hexadecimal number': RARE,
  'a binary number': RARE,
  'a number with underscores': RARE,
  'a number with an exponent': RARE,
  'a number with a sign': RARE,
  'a number of base 60': RARE,
  'infinity or NaN': RARE,
  'a whole number above 2^53': EXOTIC,
  'a number beyond 64 bits': RARE,
  'a date': COMMON,
  'a time': RARE,
  'nearly a number': RARE,

  'a quoted key': COMMON,
  'a number as key': COMMON,
  'a boolean as key': RARE,
  'null as key': RARE,
  'a key with spaces or dots': COMMON,
  'a float as key': RARE,
  'an empty key': RARE,
  'an explicit key': RARE,
  'a collection as key': RARE,
  'an alias as key': EXOTIC,
  'a long key': RARE,
  'a key of Object.prototype': RARE,
  'a space before the colon': RARE,
  'a key that stands twice': EXOTIC,

  'an anchor and its alias': COMMON,
  'an anchor that is defined anew': RARE,
  'an anchor that nobody uses': RARE,
  'an alias of nothing': RARE,
  'an alias within its anchor': RARE,
  'a merge': COMMON,
  'a merge after keys': RARE,
  'a merge of a list': RARE,
  'a merge of a mapping in place': RARE,
  'a merge of no mapping': RARE,
  'a merge of namesakes': RARE,
  'several merges': EXOTIC,

  'the tag !!str': RARE,
  'the tag !!int, !!float or !!bool': RARE,
  'the tag !!null': RARE,
  'the tag !!binary': EXOTIC,
  'the tag !!map or !!seq': RARE,
  'the tag !!timestamp': EXOTIC,
  'the tag ! alone': EXOTIC,
  'a local tag': EXOTIC,
  'a verbatim tag': EXOTIC,
  'a tag that nobody knows': EXOTIC,

  'a comment': COMMON,
  'a comment behind a value': COMMON,
  'a comment less indented': COMMON,
  'an empty line': COMMON,
  'a line of spaces': COMMON,
  'a line of a tab': RARE,
  'a tab before a comment': RARE,
  'a tab after a colon or dash': RARE,
  'trailing spaces': COMMON,

  'several documents': COMMON,
  'a marker at the beginning': COMMON,
  'a marker with a comment': COMMON,
  'a marker with spaces': COMMON,
  'a marker with a tab': RARE,
  'a marker with content': RARE,
  'a marker that isn\'t one': EXOTIC,
  'a marker at the end': COMMON,
  'an empty document': COMMON,
  'a document of comments': COMMON,
  '... at the end of a document': RARE,
  'content behind the end of a document': EXOTIC,
  'a plain scalar that ends a flow collection': EXOTIC,
  '%YAML': RARE,
  '%TAG': EXOTIC,
  'another directive': RARE,
  'a document that is no mapping': EXOTIC,
  'a document in flow style': RARE,
  'a List': COMMON,
  'a List of Lists': RARE,
  'an item with items': RARE,
  'items of another kind': RARE,
  'items without kind': RARE,

  'CRLF': COMMON,
  'CR alone': EXOTIC,
  'U+0085 as a line end': EXOTIC,
  'U+2028 or U+2029 as a line end': EXOTIC,
  'no line end at the end': COMMON,
  'a BOM at the beginning': COMMON,
  'a BOM elsewhere': EXOTIC,
  'NUL': RARE,
  'a control character': RARE,
  'U+FFFD or a private character': EXOTIC,
  'more than 512 bytes before something rare': RARE,
  'a template of Helm\'s': EXOTIC,

  'JSON': COMMON,
  'several JSON texts in a row': COMMON,
  'JSON among YAML documents': COMMON,
  'JSON with a key twice': EXOTIC,
  'JSON with large numbers': EXOTIC,
  'JSON with escapes': COMMON,
  'JSON with rare escapes': EXOTIC,
  'JSON and something else behind it': EXOTIC,
  'JSON with a comment': EXOTIC,
  'JSON with a comma too many': EXOTIC,

  'values nested deeply': EXOTIC,
  'aliases that stand for much': EXOTIC,

  'an edited manifest': EXOTIC,
  'an edited text': EXOTIC,
  'characters at random': EXOTIC,
} satisfies Record<string, Rarity>;

export type Feature = keyof typeof RARITIES;

/** Each feature, and how usual it is. */
export const FEATURES: Readonly<Record<Feature, Rarity>> = RARITIES;

export const FEATURE_NAMES = Object.keys(RARITIES) as readonly Feature[];

/** What makes several documents of a text, or may: of a mesh config istiod reads but the first, silently. */
export const SEVERAL: ReadonlySet<Feature> = new Set<Feature>([
  'several documents', 'several JSON texts in a row', 'JSON among YAML documents', 'JSON and something else behind it', 'a marker at the end', 'a marker with content',
  'a marker that isn\'t one', 'a document marker in a block', 'an empty document', 'a document of comments', 'a marker at the beginning', '... at the end of a document', '%YAML', '%TAG',
  'another directive', 'a document that is no mapping',
]);

/** What kubectl refuses, unless a merge replaces the value that it is in: then nothing of it is left to be refused. */
const LOST_IN_A_MERGE: readonly Feature[] = ['infinity or NaN', 'a number beyond 64 bits', 'null as key'];

/** Whether features make a text one that may be refused. */
export function areExotic(features: readonly Feature[]): boolean {
  if (features.some((name) => FEATURES[name] === EXOTIC)) return true;
  return features.some((name) => name.includes('merge')) && features.some((name) => LOST_IN_A_MERGE.includes(name));
}
