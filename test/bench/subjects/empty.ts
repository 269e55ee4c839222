import { http } from '@google-cloud/functions-framework';

/** What every function costs under functions-framework, whatever it does. */
http('empty', (_request, response) => {
  response.status(204).send();
});
