/** A run that cannot begin, with a sentence for the person who asked for it; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The name that the operating system gives an error, as `ENOENT`; undefined for an error of another kind. */
export function systemCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** What the operating system said, without the path that its messages carry. */
export function systemReason(error: unknown): string {
  const code = String(systemCode(error) ?? 'unknown error');
  switch (code) {
    case 'EACCES': case 'EPERM': return 'permission denied';
    case 'ENOENT': return 'no such file or folder';
    case 'ENOSPC': return 'no space left on the disk';
    case 'EROFS': return 'the disk is read-only';
    case 'EDQUOT': return 'the disk quota is used up';
    case 'EIO': return 'input/output error';
    case 'EEXIST': return 'the output file exists already';
    case 'ENAMETOOLONG': return 'the name is too long';
    case 'ELOOP': return 'a symbolic link, which is not followed';
    case 'ENOTDIR': return 'a file stands in the place of a folder';
    case 'ESTALE': case 'ENOTCONN': case 'EHOSTDOWN': case 'EHOSTUNREACH': case 'ENETDOWN': case 'ETIMEDOUT': case 'ENODEV': case 'ENXIO': case 'EREMOTEIO':
      return 'the disk or network folder is gone';
    case 'EMFILE': case 'ENFILE': return 'too many open files';
    default: return code;
  }
}

/** What file systems answer that have no hard links: FAT, some network shares and folders of containers. */
export const NO_LINKS: ReadonlySet<unknown> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK', 'EINVAL', 'EISDIR']);
