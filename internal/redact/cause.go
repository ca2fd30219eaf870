package redact

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// Cause says why a request got no reply, in words that hold nothing the other side sent. What net/http says quotes the
// first line of a malformed reply, names in certificates, and the whole URL.
func Cause(err error) string {
	var (
		dial      *net.OpError
		system    syscall.Errno
		host      x509.HostnameError
		authority x509.UnknownAuthorityError
		invalid   x509.CertificateInvalidError
		plain     tls.RecordHeaderError
		timeout   net.Error
	)
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "no reply came in time"
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case errors.As(err, &host):
		return "its certificate is that of another host"
	case errors.As(err, &authority):
		return "its certificate is signed by an authority that this machine does not trust"
	case errors.As(err, &invalid):
		return "its certificate is not valid"
	case errors.As(err, &plain):
		return "it does not speak TLS"
	case errors.As(err, &system):
		return system.Error() // connection refused
	case errors.As(err, &dial):
		return dial.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection broke before the reply was complete"
	}
	return "what came back is not HTTP"
}
