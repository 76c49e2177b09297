/** Name and version of this tool, as they stand in locks, reports and `--version`; a repository test holds it against package.json. */

export const toolVersion = "0.1.0";
export const tool = `inference-gate ${toolVersion}`;
