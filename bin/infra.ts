import { App, Stack } from 'aws-cdk-lib';
import { Headgate } from '../infra/headgate.ts';

const app = new App({ outdir: 'cdk.out' });
const stack = new Stack(app, 'Headgate', { description: 'Headgate guards the tables of schemas/' });
new Headgate(stack, 'Headgate', { contracts: 'schemas/' });
const { stacks } = app.synth();
for (const { templateFile } of stacks) console.log(`cdk.out/${templateFile}`);
