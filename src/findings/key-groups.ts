/** How many letters of base64 are looked at together: fewer are of little use to anybody. */
const WINDOW = 40;

/** In so many letters of base64 the kind changes as often, and there are as many of each; in words and names hardly ever. */
const SURELY = { changes: 0.5, ofCase: 8, digits: 2 };

/** Beside what surely is a key this is the rest of it. */
const PERHAPS: typeof SURELY = { changes: 0.3, ofCase: 3, digits: 0 };

const LEAST_PAIRS = 20;

/** How many characters may stand between two letters of a key. */
const WIDEST_GAP = 20;

/** Groups of one letter have no pairs but with the next one, if it is as near. */
const NARROW_GAP = 6;

/** What stands between groups of letters; quotes and brackets are of lists. A slash is a letter of base64, too, but most are of paths. */
const GAP = '/ \t\r\n.,;:|-_#*>=~';
const GAP_OF_LIST = `${GAP}"'\`()[]{}\\`;

type Kind = 0 | 1 | 2 | 3 | 4;
const [NONE, UPPER, LOWER, DIGIT, OTHER] = [0, 1, 2, 3, 4] as const;

function kindOf(code: number): Kind {
  if (code >= 65 && code <= 90) return UPPER;
  if (code >= 97 && code <= 122) return LOWER;
  if (code >= 48 && code <= 57) return DIGIT;
  return code === 43 ? OTHER : NONE;
}

/** From the first to after the last letter of a key. */
export type Span = readonly [start: number, end: number];

/**
 * Where a text holds a key in groups too short to be recognized one by one, by how often upper case, lower case and digits follow each
 * other in them. One look at each character.
 *
 * @param isPlain whether quotes and brackets are the text's own, and no part of a key is on their other side
 */
export function keyGroups(text: string, isPlain: boolean): readonly Span[] {
  if (text.length < WINDOW || !/[A-Z]/.test(text) || !/\d/.test(text)) return [];
  const [gap, spans, window] = [isPlain ? GAP_OF_LIST : GAP, new Spans(), new LetterWindow()];
  let [last, isSingle] = [-1, false];
  for (let at = 0; at < text.length; at++) {
    const kind = kindOf(text.charCodeAt(at));
    if (kind === NONE) {
      const isEscape = text[at] === '\\' && 'nrt'.includes(text[at + 1]);
      if (at - last > WIDEST_GAP || !(isEscape || gap.includes(text[at]))) window.clear();
      if (isEscape) at++;
      continue;
    }
    const isNext = last === at - 1;
    window.add(at, kind, isNext || (isSingle && at - last <= NARROW_GAP));
    [last, isSingle] = [at, !isNext];
    if (window.isLike(PERHAPS)) spans.add(window.start, at + 1, window.isLike(SURELY));
  }
  return spans.sure();
}

class Spans {
  private readonly all: { readonly start: number; end: number; isSure: boolean }[] = [];

  public add(start: number, end: number, isSure: boolean): void {
    const previous = this.all.at(-1);
    if (!previous || start > previous.end) {
      this.all.push({ start, end, isSure });
      return;
    }
    previous.end = end;
    previous.isSure ||= isSure;
  }

  public sure(): readonly Span[] {
    return this.all.filter(({ isSure }) => isSure).map(({ start, end }) => [start, end]);
  }
}

/** The last letters of a text, and how many of them are of a kind or differ from the one before. */
class LetterWindow {
  private readonly places = new Int32Array(WINDOW);
  private readonly kinds = new Uint8Array(WINDOW);
  /** 0: the letter begins a group; 1: it is of the kind of the one before it; 2: it isn't. */
  private readonly pairs = new Uint8Array(WINDOW);
  private readonly ofKind = [0, 0, 0, 0, 0];
  private readonly ofPair = [0, 0, 0];
  private size = 0;
  private next = 0;
  private previous: Kind = NONE;

  public add(place: number, kind: Kind, isPair: boolean): void {
    const slot = this.next;
    if (this.size === WINDOW) {
      this.ofKind[this.kinds[slot]]--;
      this.ofPair[this.pairs[slot]]--;
    } else {
      this.size++;
    }
    const pair = !isPair ? 0 : kind === this.previous ? 1 : 2;
    this.places[slot] = place;
    this.ofKind[this.kinds[slot] = kind]++;
    this.ofPair[this.pairs[slot] = pair]++;
    this.previous = kind;
    this.next = (slot + 1) % WINDOW;
  }

  public clear(): void {
    if (this.size === 0) return;
    this.ofKind.fill(0);
    this.ofPair.fill(0);
    [this.size, this.next, this.previous] = [0, 0, NONE];
  }

  public get start(): number {
    return this.places[this.next];
  }

  public isLike({ changes, ofCase, digits }: typeof SURELY): boolean {
    const [, same, different] = this.ofPair;
    return this.size === WINDOW && same + different >= LEAST_PAIRS && different >= changes * (same + different)
      && this.ofKind[UPPER] >= ofCase && this.ofKind[LOWER] >= ofCase && this.ofKind[DIGIT] >= digits;
  }
}
