"""`wb report`: one page with charts about decisions, people and writes (RPT-6). It reads; it judges nothing."""
