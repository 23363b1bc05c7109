#!/usr/bin/perl
# The prog of the reliability run: connects to a unix socket, obeys the commands that come from there, one a line, and answers each
# when it is done with `HEARD EOF WRONG`: bytes read from stdin, whether it has ended, and whether a byte was not what the peer
# had sent. Perl, because it starts in a tenth of the time of node, and every Debian has it.
#
# prog.pl SOCKET [ignore]      `ignore`: SIGPIPE
use strict;
use warnings;
use Socket;

my ($path, $ignore) = @ARGV;
my $key = $ENV{SOAK_CONNECTION};
my ($heard, $eof, $wrong) = (0, 0, 0);
my $control;
$SIG{PIPE} = 'IGNORE' if defined $ignore;
meet('prog');

while (defined(my $line = <$control>)) {
  my ($command, @words) = split ' ', $line;
  if ($command eq 'write') { put(@words) }
  elsif ($command eq 'read') { hear($words[0]) }
  elsif ($command eq 'read_to_eof') { hear(undef) }
  elsif ($command eq 'close_stdin') { close STDIN }
  elsif ($command eq 'close_stdout') { close STDOUT }
  elsif ($command eq 'fork') { next if leave_grandchild() }
  elsif ($command eq 'exit') { exit $words[0] }
  elsif ($command eq 'crash') { kill $words[0], $$ }
  answer("$heard $eof $wrong");
}

# A command that nobody waits for may find us gone; one that we answer may find the run gone.
sub answer { local $SIG{PIPE} = 'IGNORE'; syswrite $control, "$_[0]\n" }

sub meet {
  socket $control, PF_UNIX, SOCK_STREAM, 0 or die "socket: $!";
  connect $control, pack_sockaddr_un($path) or die "connect $path: $!";
  answer("$_[0] $key");
}

# The grandchild holds stdout, and nothing else of ours. True in the grandchild, to whom nobody has said anything yet.
sub leave_grandchild {
  my $pid = fork // die "fork: $!";
  return 0 if $pid;
  close STDIN;
  close $control;
  ($heard, $eof, $wrong) = (0, 0, 0);
  meet('grandchild');
  return 1;
}

sub pattern {
  my ($base, $from, $length) = @_;
  my $first = $from >> 2;
  my $last = ($from + $length + 3 >> 2) - 1;
  return substr pack('N*', map { $base + $_ } $first .. $last), $from & 3, $length;
}

sub put {
  my ($from, $length) = @_;
  while ($length > 0) {
    my $chunk = pattern(0x80000000, $from, $length < 65536 ? $length : 65536);
    my $done = syswrite STDOUT, $chunk;
    return unless defined $done;
    $from += $done;
    $length -= $done;
  }
}

# Reads to EOF, or until it has heard so many bytes in all.
sub hear {
  my ($upto) = @_;
  while (!$eof && (!defined $upto || $heard < $upto)) {
    my $want = defined $upto && $upto - $heard < 65536 ? $upto - $heard : 65536;
    my $chunk;
    my $got = sysread STDIN, $chunk, $want;
    return unless defined $got;
    if ($got == 0) { $eof = 1; last }
    $wrong = 1 if $chunk ne pattern(0, $heard, $got);
    $heard += $got;
  }
}
