import { once } from "node:events";
import { firstLine, table } from "./display.ts";
import { mondayBefore, WEEK_MS } from "./event-clock.ts";
import { startInstallation } from "./installation.ts";
import { live } from "./live.ts";
import { type DemoOptions, WEEKS } from "./options.ts";
import { prepare } from "./prepare.ts";
import { makeProject } from "./project.ts";
import { startSlackReceiver } from "./slack-receiver.ts";
import { type Ends, INDENT, type Stage } from "./stage.ts";

/** Tells the whole story once; ends everything after it, or when a signal asks for it. */
export async function demonstrate(options: DemoOptions, stage: Stage): Promise<void> {
  const begun = stage.clock();
  const said = (what: string, text: string) => {
    const seconds = ((stage.clock() - begun) / 1000).toFixed(1).padStart(5);
    stage.say(`  ${seconds} s  ${what.padEnd(9)}${text}`);
  };
  stage.say("\n  Causeway: sixteen weeks of a simulated online shop, and a model that is kept healthy\n");
  const project = await makeProject(options.dataDir);
  said("project", project.folder);
  const installation = await startInstallation(project, options);
  const readyAt = stage.clock();
  const ends: Ends = [installation.stop];
  try {
    const { url: link } = await installation.client.platform.createSignInLink();
    said("ready", `${link}  (signs you in once)`);
    const receiver = await startSlackReceiver((text) => stage.say(`${INDENT}✉ ${firstLine(text)}`));
    ends.unshift(async () => receiver.close());
    await prepare(installation, project, { slackUrl: receiver.url, said });
    // The simulated weeks end with the one before the running one.
    const start = mondayBefore(stage.now(), WEEKS + 1);
    const { changeWeek } = options;
    const figures = await live({ stage, installation, project, start, changeWeek, readyAt, ends });
    stage.say(`\n${table(figures, (time) => weekOf(start, time))}\n`);
    if (options.json) stage.answer(JSON.stringify(figures));
    if (!options.exit && !stage.signal.aborted) {
      stage.say(`  The story with every number: ${installation.url}/retraining`);
      stage.say(`  Everything stays up until Ctrl-C. The project is yours to copy: ${project.folder}\n`);
      await Promise.race([once(stage.signal, "abort"), installation.ended]);
    }
  } finally {
    // What went wrong was told where it happened; the rest must end all the same.
    for (const end of ends) await end().catch(() => undefined);
  }
}

function weekOf(start: Date, time: string | null): number | null {
  return time === null ? null : Math.floor((Date.parse(time) - start.getTime()) / WEEK_MS) + 1;
}
