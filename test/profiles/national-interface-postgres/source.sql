CREATE TABLE yb_setlinfo (
  setl_id bigint PRIMARY KEY, mdtrt_id bigint NOT NULL, init_setl_id bigint, psn_no text, certno text, gend text, brdy date,
  insutype text, med_type text, dept_code text, begntime timestamp, endtime timestamp, dscg_way text, setl_time date NOT NULL,
  medfee_sumamt float8, inscp_scp_amt float8, act_pay_dedc float8, hifp_pay float8, hifmi_pay float8, hifob_pay float8,
  maf_pay float8, fund_pay_sumamt float8, acct_pay float8, psn_cash_pay float8, delete_flag char(1) DEFAULT '0');
CREATE TABLE yb_mz_feedetail (
  mdtrt_id bigint, feedetl_sn bigint, rxno text, fee_ocur_time timestamp, med_list_codg text, medins_list_codg text,
  medins_list_name text, med_chrgitm_type text, det_item_fee_sumamt numeric(18,2), cnt numeric(18,2), pric numeric(18,2),
  inscp_scp_amt numeric(18,2), bilg_dept_codg text, bilg_dr_codg text, delete_flag char(1) DEFAULT '0');
CREATE TABLE yb_zy_feedetail (
  mdtrt_id bigint, feedetl_sn bigint, drord_no text, fee_ocur_time timestamp, med_list_codg text, medins_list_codg text,
  medins_list_name text, med_chrgitm_type text, det_item_fee_sumamt numeric(18,2), cnt numeric(18,2), pric numeric(18,2),
  inscp_scp_amt numeric(18,2), bilg_dept_codg text, bilg_dr_codg text, delete_flag char(1) DEFAULT '0');
CREATE TABLE yb_diseinfo (mdtrt_id bigint, diag_srt_no int, diag_code text, maindiag_flag text);
INSERT INTO yb_setlinfo VALUES
  (1820000000000000001, 1810000000000000001, NULL, 'P001', '990100190001010001', '1', '1960-02-29', '390', '11', '0301',
   NULL, NULL, NULL, '2024-03-05', 12.300000000000001, 10, 0, 8, 0, 0, 0, 8, 0, 4.3, '0'),
  (1820000000000000002, 1810000000000000002, NULL, 'P002', NULL, '2', '1955-08-01', '310', '2101', '0302',
   '2024-03-01 08:10:00', '2024-03-09 10:00:00', '3', '2024-03-09', 2300.55, 2100, 300, 1500.5, 100, 50, 0, 1650.5, 200.05, 450, '0'),
  (1820000000000000003, 1810000000000000001, 1820000000000000001, 'P001', NULL, '1', '1960-02-29', '390', '11', '0301',
   NULL, NULL, NULL, '2024-03-10', -12.3, -10, 0, -8, 0, 0, 0, -8, 0, -4.3, '0'),
  (1820000000000000004, 1810000000000000004, NULL, 'P003', NULL, '2', '1990-01-01', '390', '11', '0301',
   NULL, NULL, NULL, '2024-03-11', 5, 5, 0, 5, 0, 0, 0, 5, 0, 0, '1');
INSERT INTO yb_mz_feedetail VALUES
  (1810000000000000001, 1, 'R1', '2024-03-05 08:05:00', 'XA01', 'L1', '阿莫西林胶囊', '09', 10.00, 2, 5, 10, '0301', 'D1', '0'),
  (1810000000000000001, 2, NULL, '2024-03-05 08:05:00', NULL, 'L2', '诊察费', '02', 2.30, 1, 2.3, 0, '0301', 'D1', '0'),
  (1810000000000000001, 3, NULL, '2024-03-05 08:05:00', NULL, 'L2', '已删除', '02', 2.30, 1, 2.3, 0, '0301', 'D1', '1');
INSERT INTO yb_zy_feedetail VALUES
  (1810000000000000002, 1, 'O1', '2024-03-02 09:00:00', '001', 'L3', '床位费', '01', 2300.55, 1, 2300.55, 2100, '0302', 'D2', '0');
INSERT INTO yb_diseinfo VALUES (1810000000000000001, 1, 'J06.900', '1'), (1810000000000000002, 1, 'I10.x00', '1'),
  (1810000000000000002, 2, 'E11.900', '0');
