/** The variables that tell docker or podman where their engine and settings are; for the client, never for the container. */

type Environment = { readonly [name: string]: string | undefined };

/** The part of `ours` that the client needs beside PATH and HOME. */
export function clientEnvironment(ours: Environment): { readonly [name: string]: string } {
  return Object.fromEntries(
    Object.entries(ours).flatMap(([name, value]) =>
      value !== undefined && /^(?:DOCKER_|CONTAINERS?_|XDG_|DBUS_SESSION_|STORAGE_|REGISTRY_AUTH_FILE$)/.test(name)
        ? [[name, value]]
        : [],
    ),
  );
}
