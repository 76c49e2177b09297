/** Reads `/proc/<pid>/mountinfo`, whose form proc(5) describes. Pure. */

export interface Mount {
  /** Folder or file of the mounted file system that is shown. */
  readonly root: string;
  /** Where it is shown. */
  readonly point: string;
  /** Such as `ext4` or `tmpfs`. */
  readonly type: string;
}

/** Lines that are not of this form are left out. */
export function mountsIn(mountinfo: string): readonly Mount[] {
  return mountinfo.split("\n").flatMap((line) => {
    const [, root, point, type] = /^\d+ \d+ \d+:\d+ (\S+) (\S+) .*? - (\S+) /.exec(line) ?? [];
    return root === undefined || point === undefined || type === undefined
      ? []
      : [{ root: unescaped(root), point: unescaped(point), type }];
  });
}

/** Spaces, tabs, line feeds and backslashes are written as three octal digits. */
const unescaped = (path: string) =>
  path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** The mount, other than the root, on which a path lies; null when it is of the root file system. */
export function mountUnder(path: string, mounts: readonly Mount[]): Mount | null {
  const wanted = inRun(path);
  return mounts.reduce<Mount | null>((best, one) => {
    const point = inRun(one.point);
    const holds = point !== "/" && (wanted === point || wanted.startsWith(`${point}/`));
    return holds && (best === null || point.length >= inRun(best.point).length) ? one : best;
  }, null);
}

/** `/var/run` is a link to `/run` wherever it is not the same. */
const inRun = (path: string) => path.replace(/^\/var\/run(?=\/|$)/, "/run");
