/** What an argument is, as far as a macro asks. */
export type Shape = 'name' | 'selection' | 'other';

/** The macros that take a variable's name first, and how many arguments they are called with. */
const LOOPS: { readonly [name: string]: readonly number[] } = {
  all: [2],
  exists: [2],
  exists_one: [2],
  map: [2, 3],
  filter: [2],
};

/** What the macros keep their result in; no variable may have that name. */
export const ACCUMULATOR = '__result__';

/** Throws a `SyntaxError` for a macro whose argument isn't what it expands; whatever isn't called as a macro is a function. */
export function checkMacro(name: string, ofMember: boolean, shapes: readonly Shape[]): void {
  if (!ofMember && name === 'has' && shapes.length === 1 && shapes[0] !== 'selection') {
    throw new SyntaxError('has() asks for a field, such as has(request.headers)');
  }
  if (ofMember && Object.hasOwn(LOOPS, name) && LOOPS[name].includes(shapes.length) && shapes[0] !== 'name') {
    throw new SyntaxError(`${name}() starts with the name of a variable`);
  }
}
