import type { MixedFacts } from './mixed';
export function section(_: MixedFacts): string { return ''; }
