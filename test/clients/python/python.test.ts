import { pythonSuite } from '../../support/clients/python-suite.ts';

await pythonSuite('python', import.meta.dirname, 'checks');
