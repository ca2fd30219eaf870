package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/cobra"
)

// tlsOptions are the flags of HTTPS.
type tlsOptions struct {
	on    bool
	dir   string
	hosts []string
}

func (o *tlsOptions) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&o.on, "tls", false, "serve HTTPS, with a certificate of a certificate authority made for you alone")
	f.StringVar(&o.dir, "tls-dir", "", "keep the certificate authority in this `directory`; default: aircallkit in your configuration directory")
	f.StringArrayVar(&o.hosts, "tls-host", nil, "make the certificate valid for this `name` too, such as api.aircall.io; may be repeated")
	_ = cmd.MarkFlagDirname("tls-dir")
}

// An authority signs the certificates of fakes. Only its owner can read its key, since people trust it.
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
	file string // the certificate, to be trusted
}

const (
	authorityKey  = "ca-key.pem" // key and certificate, in one file so that they always belong together
	authorityCert = "ca.pem"
)

// listenConfig returns what to listen with, nil without --tls, and the authority.
func (o *tlsOptions) listenConfig(addr string) (*tls.Config, *authority, error) {
	if !o.on {
		if o.dir != "" || o.hosts != nil {
			return nil, nil, errors.New("--tls-dir and --tls-host need --tls")
		}
		return nil, nil, nil
	}
	dir := o.dir
	if dir == "" {
		base, err := os.UserConfigDir()
		if err != nil {
			return nil, nil, errors.New("--tls: this user has no configuration directory; name a directory with --tls-dir")
		}
		dir = filepath.Join(base, "aircallkit")
	}
	dir, err := filepath.Abs(dir) // the path is printed for programs in other directories
	if err != nil {
		return nil, nil, fmt.Errorf("--tls-dir: %w", err)
	}
	hosts := append([]string{"localhost", "127.0.0.1", "::1"}, o.hosts...)
	if host, _, err := net.SplitHostPort(addr); err == nil && host != "" {
		hosts = append(hosts, host)
	}
	var cert tls.Certificate
	ca, err := openAuthority(dir, time.Now())
	if err == nil {
		cert, err = ca.certificate(hosts, time.Now())
	}
	if err != nil {
		return nil, nil, fmt.Errorf("--tls: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}, ca, nil
}

// openAuthority reads the certificate authority in a directory, or makes a new one.
func openAuthority(dir string, now time.Time) (*authority, error) {
	name := filepath.Join(dir, authorityKey)
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeAuthority(dir, now); err == nil {
			info, err = os.Stat(name)
		}
	}
	if err != nil {
		return nil, err
	}
	// Anyone who has read the key can pretend to be any server to those who trust the authority.
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("other users can read %s (%s): stop trusting the authority and remove the file; a new one is made then", name, info.Mode().Perm())
	}
	pair, err := tls.LoadX509KeyPair(name, name)
	if err != nil {
		return nil, fmt.Errorf("%s is not a key with its certificate: %w; remove it, and a new one is made", name, err)
	}
	ca := &authority{cert: pair.Leaf, file: filepath.Join(dir, authorityCert)}
	var ok bool
	if ca.key, ok = pair.PrivateKey.(crypto.Signer); !ok || !ca.cert.IsCA {
		return nil, fmt.Errorf("%s was not made by serve --tls; remove it, and a new one is made", name)
	}
	if now.After(ca.cert.NotAfter) {
		return nil, fmt.Errorf("%s expired on %s; remove it, and a new one is made", name, ca.cert.NotAfter.Format(time.DateOnly))
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.cert.Raw})
	return ca, writeFile(ca.file, public, 0o644, os.Rename)
}

func makeAuthority(dir string, now time.Time) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	machine, _ := os.Hostname()
	cert, err := sign(&x509.Certificate{
		Subject: pkix.Name{CommonName: "aircallkit on " + machine, Organization: []string{"aircallkit, for tests alone"}},
		IsCA:    true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign,
	}, now, now.AddDate(10, 0, 0), nil)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(cert.PrivateKey)
	if err != nil {
		return err
	}
	data := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
	data = append(data, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]})...)
	err = writeFile(filepath.Join(dir, authorityKey), data, 0o600, os.Link)
	if errors.Is(err, fs.ErrExist) {
		return nil // another serve was faster, and its authority is used
	}
	return err
}

// certificate makes a certificate for hosts. It is not saved: each start makes another.
func (ca *authority) certificate(hosts []string, now time.Time) (tls.Certificate, error) {
	const days = 397 // browsers refuse longer ones
	template := &x509.Certificate{Subject: pkix.Name{CommonName: "fake Aircall"}, KeyUsage: x509.KeyUsageDigitalSignature}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, h)
		}
	}
	cert, err := sign(template, now, now.AddDate(0, 0, days), ca)
	cert.Certificate = append(cert.Certificate, ca.cert.Raw)
	return cert, err
}

// sign makes a key and its certificate, signed by an authority or, without one, by the key itself.
func sign(template *x509.Certificate, now, end time.Time, ca *authority) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	serial := make([]byte, 16)
	rand.Read(serial)
	template.SerialNumber = new(big.Int).SetBytes(serial)
	template.NotBefore, template.NotAfter = now.Add(-time.Hour), end
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	if ca == nil {
		ca = &authority{cert: template, key: key}
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, ca.cert, &key.PublicKey, ca.key)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}, err
}

// printInstructions prints how to make programs trust the certificate.
func (ca *authority) printInstructions(p *process) {
	fmt.Fprintf(p.stdout, `
The certificate is signed by an authority of your own, %[1]s. Its key is in the same directory.
Make one program trust it, for as long as it runs:
  export SSL_CERT_FILE=%[1]q         # Go, Ruby, OpenSSL: instead of the system's authorities
  export NODE_EXTRA_CA_CERTS=%[1]q   # Node
  export REQUESTS_CA_BUNDLE=%[1]q    # Python's requests
  curl --cacert %[1]q
or the whole machine, until you remove it:
  sudo cp %[1]q /usr/local/share/ca-certificates/aircallkit.crt && sudo update-ca-certificates   # Debian
  sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain %[1]q     # macOS
`, ca.file)
}
