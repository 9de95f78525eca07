/** The general categories of Unicode that `\p{…}` takes. */
const CATEGORIES = 'C Cc Cf Cn Co Cs L Lc Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs';

/** Their long names, and the classes that aren't categories. */
const NAMES = 'Any Ascii Assigned Casedletter Closepunctuation Combiningmark Connectorpunctuation Control Currencysymbol '
  + 'Dashpunctuation Decimalnumber Enclosingmark Finalpunctuation Format Initialpunctuation Letter Letternumber Lineseparator '
  + 'Lowercaseletter Mark Mathsymbol Modifierletter Modifiersymbol Nonspacingmark Number Openpunctuation Other Otherletter '
  + 'Othernumber Otherpunctuation Othersymbol Paragraphseparator Privateuse Punctuation Separator Spaceseparator Spacingmark '
  + 'Surrogate Symbol Titlecaseletter Unassigned Uppercaseletter Cntrl Digit Punct';

/** The scripts; those whose names have two words are missing, since Go 1.26, which istiod is built with, finds none of them. */
const SCRIPTS = 'Adlam Ahom Arabic Armenian Avestan Balinese Bamum Batak Bengali Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid '
  + 'Carian Chakma Cham Cherokee Chorasmian Common Coptic Cuneiform Cypriot Cyrillic Deseret Devanagari Dogra Duployan Elbasan '
  + 'Elymaic Ethiopic Georgian Glagolitic Gothic Grantha Greek Gujarati Gurmukhi Han Hangul Hanunoo Hatran Hebrew Hiragana '
  + 'Inherited Javanese Kaithi Kannada Katakana Kawi Kharoshthi Khmer Khojki Khudawadi Lao Latin Lepcha Limbu Lisu Lycian Lydian '
  + 'Mahajani Makasar Malayalam Mandaic Manichaean Marchen Medefaidrin Miao Modi Mongolian Mro Multani Myanmar Nabataean '
  + 'Nandinagari Newa Nko Nushu Ogham Oriya Osage Osmanya Palmyrene Phoenician Rejang Runic Samaritan Saurashtra Sharada Shavian '
  + 'Siddham Sinhala Sogdian Soyombo Sundanese Syriac Tagalog Tagbanwa Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan '
  + 'Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi Wancho Yezidi Yi';

const CLASSES: ReadonlySet<string> = new Set([CATEGORIES, NAMES, SCRIPTS].flatMap((list) => list.split(' ')));

/** Whether `\p{name}` is a class; capitals, spaces, `-` and `_` don't matter. */
export function isUnicodeClass(name: string): boolean {
  const letters = name.replace(/[ _-]/g, '');
  return CLASSES.has(letters.charAt(0).replace(/[a-z]/, upper) + letters.slice(1).replace(/[A-Z]/g, lower));
}

function upper(letter: string): string {
  return letter.toUpperCase();
}

function lower(letter: string): string {
  return letter.toLowerCase();
}
