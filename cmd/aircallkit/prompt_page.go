package main

import (
	"bytes"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"github.com/mattn/go-runewidth"
)

// page prints what show writes. If that is longer than the terminal is high, $PAGER shows it, or the prompt asks after each screen.
func (pr *prompt) page(show func()) {
	if pr.height == 0 {
		show()
		return
	}
	var b bytes.Buffer
	stdout := pr.p.stdout
	pr.p.stdout = &pageBuffer{&b, stdout}
	show()
	pr.p.stdout = stdout
	lines := strings.SplitAfter(b.String(), "\n")
	if len(lines) <= pr.height {
		io.WriteString(stdout, b.String())
		return
	}
	if pager := pr.p.getenv("PAGER"); pager != "" && runPager(pr.p, pager, b.String()) == nil {
		return
	}
	for {
		n := min(max(pr.height-1, 1), len(lines))
		io.WriteString(stdout, strings.Join(lines[:n], ""))
		if lines = lines[n:]; strings.Join(lines, "") == "" {
			return
		}
		answer, err := pr.readLine(fmt.Sprintf("-- %d more lines: Enter shows them, q stops -- ", len(lines)-1))
		if err != nil || strings.HasPrefix(strings.ToLower(strings.TrimSpace(answer)), "q") {
			return
		}
	}
}

// pageBuffer holds what is paged. It is colored if the terminal behind it is.
type pageBuffer struct {
	*bytes.Buffer
	terminal io.Writer
}

// Unwrap returns the terminal.
func (b *pageBuffer) Unwrap() io.Writer { return b.terminal }

// runPager shows a text with the command of $PAGER.
func runPager(p *process, pager, text string) error {
	cmd := exec.Command("sh", "-c", pager)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(p.secrets.Text(text)), p.stdout, p.stderr
	if f, ok := file(p.stdout); ok {
		cmd.Stdout = f // less needs the terminal itself
	}
	cmd.Env = p.env
	if p.getenv("LESS") == "" {
		cmd.Env = append(cmd.Env[:len(cmd.Env):len(cmd.Env)], "LESS=FRX") // colors, and the screen stays
	}
	return cmd.Run()
}

// wrapText breaks a line between words, so that it is at most width columns wide; 0: it stays as it is. A word that is longer
// stays whole. Further lines begin with the indent.
func wrapText(text, indent string, width int) string {
	if width == 0 || runewidth.StringWidth(text) <= width {
		return text
	}
	start := leading(text)
	var b strings.Builder
	b.WriteString(start)
	column, first := runewidth.StringWidth(start), true
	for _, word := range splitWords(text[len(start):]) {
		n := runewidth.StringWidth(strings.TrimRight(word, " "))
		if !first && column+n > width {
			broken := strings.TrimRight(b.String(), " ")
			b.Reset()
			b.WriteString(broken + "\n" + indent)
			column = runewidth.StringWidth(indent)
		}
		b.WriteString(word)
		column, first = column+runewidth.StringWidth(word), false
	}
	return b.String()
}

// splitWords splits a text after each run of spaces.
func splitWords(text string) (words []string) {
	for text != "" {
		i := strings.IndexByte(text, ' ')
		if i < 0 {
			return append(words, text)
		}
		for i < len(text) && text[i] == ' ' {
			i++
		}
		words, text = append(words, text[:i]), text[i:]
	}
	return words
}

// leading returns the spaces at the beginning of a line.
func leading(line string) string { return line[:len(line)-len(strings.TrimLeft(line, " "))] }

// wrapMarkdown wraps the lines of Markdown, except code and tables.
func wrapMarkdown(text string, width int) string {
	var b strings.Builder
	fenced := false
	for line := range strings.Lines(text) {
		fence := strings.HasPrefix(line, "```")
		if fence {
			fenced = !fenced
		}
		if line = strings.TrimSuffix(line, "\n"); !fence && !fenced && !strings.HasPrefix(line, "|") {
			indent := leading(line)
			if strings.HasPrefix(strings.TrimLeft(line, " "), "- ") {
				indent += "  "
			}
			line = wrapText(line, indent, width)
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}
