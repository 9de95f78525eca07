import { Configuration } from './configuration';
import { FieldPath } from '../findings/field-path';
import { Position } from '../manifests/manifest-problem';

/** Where an acknowledgement of a run is said. */
export interface AcknowledgementPlace {
  readonly field: FieldPath;
  /** Undefined: not in the configuration file. */
  readonly place?: { readonly file: string; readonly position: Position };
}

/**
 * Where an acknowledgement is said whose number among all of a run is in a field. Those of the configuration file come
 * first; the others are counted from their own first.
 *
 * @returns undefined if the field is of no such acknowledgement
 */
export function acknowledgementPlace(field: FieldPath, configuration: Configuration): AcknowledgementPlace | undefined {
  const { file, acknowledgements } = configuration;
  const [list, index] = field;
  if (list !== 'acknowledgements' || typeof index !== 'number') return undefined;
  if (index >= acknowledgements.length) return { field: [list, index - acknowledgements.length] };
  return { field, place: { file, position: configuration.positionOf(field) } };
}
