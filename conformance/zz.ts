import { documentedLines } from './documented/lines';
for (const { page, text } of documentedLines()) console.log(page, '::', text);
