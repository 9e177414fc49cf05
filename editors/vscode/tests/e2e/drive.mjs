// drive.mjs PORT WORKSPACE SHOTS: uses the editor as a person would, and looks at what a person would see.
import { Editor } from './editor.mjs';
import { assessing } from './steps/assessing.mjs';
import { editing } from './steps/editing.mjs';
import { faults } from './steps/faults.mjs';
import { reading } from './steps/reading.mjs';
import { scenarios } from './steps/scenarios.mjs';
import { writing } from './steps/writing.mjs';

const [, , port, workspace, shots] = process.argv;
const editor = await Editor.start(port, workspace, shots);

await editor.run(async () => {
  await editor.step('the server starts', async () => {
    await editor.open('camp.mandate');
    await editor.status('running').first().waitFor();
  });
  await editing(editor, workspace);
  await writing(editor, workspace);
  await assessing(editor, workspace);
  await scenarios(editor, workspace);
  await reading(editor, workspace);
  await faults(editor, workspace);
});
