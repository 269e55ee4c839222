import { http } from '@google-cloud/functions-framework';

/** What every function under functions-framework costs, whatever it does. */
http('empty', (_request, response) => {
  response.status(204).send();
});
