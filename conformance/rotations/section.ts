import type { RotationFacts } from './rotations';
export function section({ rotations }: RotationFacts): string { return String(rotations.length); }
