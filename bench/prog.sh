#!/bin/sh
# The prog of every contender in the bulk runs. It says when it is there, does what the first line asks for, and stays
# until the last line, so that memory and CPU time of all processes can be read while they live.
#
#   down BYTES           writes so many zeros
#   up BYTES [SECONDS]   reads exactly so many bytes, at first none for so many seconds, and answers how many they were
LC_ALL=C
export LC_ALL
echo ready
read -r direction bytes pause
case $direction in
down) dd if=/dev/zero bs=64K iflag=count_bytes count="$bytes" status=none ;;
up)
  sleep "${pause:-0}"
  report=$(dd of=/dev/null bs=64K iflag=fullblock,count_bytes count="$bytes" 2>&1)
  counted=${report##*out}
  echo "$((${counted%% bytes*}))"
  ;;
esac
read -r _farewell
