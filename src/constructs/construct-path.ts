import { IConstruct } from 'constructs';

/** The path that a construct will have: an ApiObject's checks run before there is one. */
export function pathIn(scope: IConstruct, id: string): string {
  return [scope.node.path, id].filter(Boolean).join('/');
}
