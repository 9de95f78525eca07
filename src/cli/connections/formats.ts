/** How `connections` can print. */
export const CONNECTION_FORMATS = ['table', 'json', 'csv'] as const;

export type ConnectionFormat = typeof CONNECTION_FORMATS[number];

/** The formats of the JSON: an array of connections, and an object that has them hop by hop. */
export const JSON_FORMATS = ['1', '2'] as const;

export type JsonFormat = typeof JSON_FORMATS[number];
