package fakeaircall

import "strings"

// Curl returns a curl command that sends the request again, to the server at base. Credentials are those of the
// environment, as the command line names them; what was removed as a secret is
// missing in it.
func (r Request) Curl(base string) string {
	var b strings.Builder
	b.WriteString("curl -s")
	switch scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.ToLower(scheme) {
	case "":
	case "bearer":
		b.WriteString(` -H "Authorization: Bearer $AIRCALL_ACCESS_TOKEN"`)
	default:
		b.WriteString(` -u "$AIRCALL_API_ID:$AIRCALL_API_TOKEN"`)
	}
	if r.Method != "GET" {
		b.WriteString(" -X " + shellQuoted(r.Method))
	}
	if r.Body != "" {
		if kind := r.Header.Get("Content-Type"); kind != "" {
			b.WriteString(" -H " + shellQuoted("Content-Type: "+kind))
		}
		b.WriteString(" --data-raw " + shellQuoted(r.Body))
	}
	address := base + r.Path
	if r.Query != "" {
		address += "?" + r.Query
	}
	b.WriteString(" " + shellQuoted(address))
	if r.BodySize > len(r.Body) {
		b.WriteString(" # its body was longer than what is kept")
	}
	return b.String()
}

// shellQuoted is one word for a POSIX shell, whatever is in it but NUL.
func shellQuoted(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("-_./:=,+@%", c))
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
