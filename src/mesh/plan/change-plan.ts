import { ChangeUnit, MeshStates } from './change-unit';
import { Stage } from './stages';
import { StageVerdict } from './verdict';
import { CaChange } from '../compare/ca-change';
import { ComparedObject } from '../compare/object-changes';

/** A way from one state of a mesh to another on which no connection falls below its protection in both. */
export interface ChangePlan extends MeshStates {
  readonly units: readonly ChangeUnit[];
  /** Changed objects that don't affect connections, and may change at any time. */
  readonly others: readonly ComparedObject[];
  /** Changed objects of kinds that aren't read, which are in no stage either. */
  readonly unread: readonly ComparedObject[];
  /** Istiods that will sign with another CA, which no stage covers. */
  readonly caChanges: readonly CaChange[];
  /** The verdict on applying all changes at once, in any order. */
  readonly atOnce: StageVerdict;
  /** Undefined if no stages were found. */
  readonly stages?: readonly Stage[];
  /** What prevents stages, if there are none. */
  readonly stuck?: StageVerdict['witness'];
}
