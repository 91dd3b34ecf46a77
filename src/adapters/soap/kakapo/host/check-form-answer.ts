import { lazyValidator, type ServiceDescription, soap11Uri } from '../../kit/index.js';

/** Checks the root of a form answer against its type. @throws Error (from the returned function): a mistake of ours */
export function checkFormAnswer(description: ServiceDescription): (text: string) => Promise<void> {
  const validator = lazyValidator(description);
  return async (text) => {
    const validate = await validator();
    const root = text.replace(/^<\?xml[^>]*\?>/, '');
    // the validator looks at what a Body holds
    const problem = validate(`<e:Envelope xmlns:e="${soap11Uri}"><e:Body>${root}</e:Body></e:Envelope>`);
    if (problem !== null) throw new Error(`the answer of a form breaks its schema: ${problem}`);
  };
}
