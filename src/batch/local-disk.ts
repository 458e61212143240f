import { existsSync, realpathSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Kinds of file systems that lie on a disk of this machine or in its memory, by the number that the system gives them. */
const LOCAL: ReadonlySet<number> = new Set([
  // Linux: ext2 to ext4, XFS, Btrfs, bcachefs, F2FS, ZFS, tmpfs, ramfs, overlays of containers, FAT, exFAT, NTFS, ISO 9660, UDF, SquashFS
  0xef53, 0x58465342, 0x9123683e, 0xca451a4e, 0xf2f52010, 0x2fc12fc1, 0x01021994, 0x858458f6, 0x794c7630, 0x4d44, 0x2011bab0, 0x5346544e,
  0x7366746e, 0x9660, 0x15013346, 0x73717368,
  // macOS: HFS+, APFS
  0x11, 0x1a,
]);

/**
 * Whether all of the paths are on disks of this machine. What is not may stop answering in the middle of a call, and a
 * thread that waits for it then waits for ever; so the calling thread keeps out of it. Disks that are mounted somewhere
 * below the paths are not looked for.
 */
export function isLocal(paths: readonly string[]): boolean {
  return paths.every((path) => {
    try {
      const real = realpathSync.native(existing(resolve(path)));
      return process.platform === 'win32' ? !real.startsWith('\\\\') : LOCAL.has(Number(statfsSync(real).type) >>> 0);
    } catch {
      return false;
    }
  });
}

/** The path or the nearest folder above it that is there. */
function existing(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existing(dirname(path));
}
