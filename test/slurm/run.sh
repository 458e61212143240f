#!/usr/bin/env bash
# Slurm for real, on one machine: munge, one slurmctld and two slurmd on loopback, all started and stopped here.
#   1. An array of four tasks writes the same tree, byte for byte, as one process.
#   2. A task that is killed half-way and requeued completes it; the merged report counts every file once.
# Needs Debian's slurm-wlm and munge, root, and a built program (npm run build). Says so and ends with 0 without them.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$PWD/dist/cli.js
for command in munged slurmctld slurmd sbatch; do
  if ! command -v "$command" > /dev/null && [ ! -x "/usr/sbin/$command" ]; then echo "skipped: $command is not installed (Debian: slurm-wlm, munge)"; exit 0; fi
done
if [ "$(id -u)" -ne 0 ]; then echo 'skipped: Slurm daemons need root'; exit 0; fi
PATH=$PATH:/usr/sbin

work=$(mktemp -d "${TMPDIR:-/tmp}/dicom-anonymizer-slurm-XXXXXX")
chmod 755 "$work"
export SLURM_CONF=$work/slurm.conf
daemons=()
stop() {
  for pid in "${daemons[@]}"; do kill "$pid" 2> /dev/null || true; done
  for pid in "${daemons[@]}"; do wait "$pid" 2> /dev/null || true; done
  rm -rf "$work"
}
trap stop EXIT

start_daemons() {
  mkdir -p "$work/munge" "$work/state" "$work/spool-1" "$work/spool-2"
  dd if=/dev/urandom of="$work/munge/key" bs=128 count=1 status=none
  chmod 600 "$work/munge/key"
  # munged wants its folders to be its own; root is let through by --force.
  munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/munge/pid" \
    --log-file="$work/munge/log" --seed-file="$work/munge/seed" > /dev/null 2>&1 &
  daemons+=($!)
  local port=${SLURM_TEST_PORT:-16817}
  cat > "$SLURM_CONF" << CONF
ClusterName=test
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=root
SlurmctldPort=$port
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CryptoType=crypto/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool-%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd-%n.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=0
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
KillWait=1
NodeName=n1 NodeHostname=localhost NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=2 State=UNKNOWN
NodeName=n2 NodeHostname=localhost NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=2 State=UNKNOWN
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
CONF
  for _ in $(seq 50); do [ -S "$work/munge/socket" ] && break; sleep 0.1; done
  slurmctld -D > "$work/slurmctld.out" 2>&1 &
  daemons+=($!)
  for node in n1 n2; do
    slurmd -D -N "$node" > "$work/slurmd-$node.out" 2>&1 &
    daemons+=($!)
  done
  for _ in $(seq 300); do
    [ "$(sinfo -h -t idle -o %D 2> /dev/null || true)" = 2 ] && return
    sleep 0.1
  done
  tail -20 "$work"/*.log "$work"/*.out >&2
  fail 'the nodes did not become idle'
}

fail() { echo "FAILED: $1"; exit 1; }

tree() { (cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum); }

wait_for_jobs() {
  for _ in $(seq 600); do
    [ -z "$(squeue -h 2> /dev/null)" ] && return
    sleep 0.2
  done
  squeue
  fail 'the jobs did not end'
}

start_daemons
node test/bench/run.mjs test/slurm/make-input.ts "$work/input" "${SLURM_TEST_FILES:-1200}"
files=$(find "$work/input" -type f | wc -l)
node "$program" anonymize "$work/input" --output "$work/single" --key-file "$work/key" > "$work/single.log"
expected=$(tree "$work/single")

# 1. Four tasks, two at a time.
node "$program" slurm "$work/input" --output "$work/array" --key-file "$work/key" --tasks 4 --at-once 2 > /dev/null
sh "$work/array.slurm/submit.sh"
wait_for_jobs
[ "$(tree "$work/array")" = "$expected" ] || { cat "$work"/array.slurm/*.log; fail 'the array wrote another tree than one process'; }
node test/slurm/check-report.mjs "$work/array.report.json" "$files" || fail 'the merged report'
echo "passed: an array of four tasks writes what one process writes, $files files"

# 2. The first task is killed half-way, as by a node that dies, and Slurm starts it again.
node "$program" slurm "$work/input" --output "$work/killed" --key-file "$work/key" --tasks 4 --at-once 4 > /dev/null
sh "$work/killed.slurm/submit.sh"
requeued=
for _ in $(seq 400); do
  journal=$work/killed.shard-1-of-4.journal
  if [ -s "$journal" ] && [ "$(grep -c '"kind":"file"' "$journal" || true)" -ge 8 ]; then
    job=$(squeue -h -r -t R -o '%A %K' | awk '$2 == 1 { print $1 }')
    [ -n "$job" ] || break
    pid=$(grep -o '"pid":[0-9]*' "$work/killed.shard-1-of-4.lock" | cut -d: -f2)
    # Stopped first, so that it cannot end before the queue knows that it is to be started again.
    kill -STOP "$pid"
    scontrol requeue "$job" && requeued=$job
    kill -9 "$pid" || true
    break
  fi
  sleep 0.02
done
# Slurm lets a requeued job wait for two minutes.
for _ in $(seq 100); do
  [ -z "$requeued" ] || [ "$(squeue -h -r -o '%A %t' | awk -v job="$requeued" '$1 == job { print $2 }')" = PD ] && break
  sleep 0.1
done
# A node refuses a start in the second in which it was told to end the job: "job credential revoked".
sleep 2
[ -z "$requeued" ] || scontrol update JobId="$requeued" StartTime=now
wait_for_jobs
[ -n "$requeued" ] || fail 'the task was over before it could be killed: more files are needed (SLURM_TEST_FILES)'
[ "$(tree "$work/killed")" = "$expected" ] || { cat "$work"/killed.slurm/*.log; fail 'the requeued task left another tree'; }
node test/slurm/check-report.mjs "$work/killed.report.json" "$files" || fail 'the merged report after a requeue'
echo 'passed: a task that was killed and requeued completes the same tree, every file counted once'
